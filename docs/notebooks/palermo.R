# Palermo from R. Not run where it was written (see README.md beside it).
#
# install.packages("SPARQL")   archived on CRAN since 2022: remotes::install_version("SPARQL", "1.16") brings it
library(SPARQL)

server <- Sys.getenv("SERVER", "http://127.0.0.1:8000")
query <- '
PREFIX pal: <https://w3id.org/palermo/ontology#>
PREFIX id:  <https://w3id.org/palermo/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?state ?name ?since WHERE {
  ?status a pal:PartyStatus ; pal:treaty id:palermo-protocol ; pal:participant ?state .
  ?state rdfs:label ?name .
  OPTIONAL { ?status pal:startDay ?since }
  FILTER(LANG(?name) = "en")
}
ORDER BY ?since ?name
'

parties <- SPARQL(url = paste0(server, "/sparql"), query = query)$results

# The same without the package: any server answers CSV.
parties <- read.csv(paste0(server, "/sparql?format=csv&query=", URLencode(query, reserved = TRUE)))

# Parties whose day no source states have an empty cell: count them apart, never drop them.
known <- !is.na(parties$since) & nzchar(parties$since)
years <- as.integer(substr(parties$since[known], 1, 4))
plot(sort(unique(years)), cumsum(table(years)), type = "s", xlab = "", ylab = "parties",
     main = sprintf("Palermo Protocol (%d of unknown day)", sum(!known)))
