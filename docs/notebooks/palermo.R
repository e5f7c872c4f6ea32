# Palermo from R: the parties to the Palermo Protocol, and a figure of how they became so many.
#
#   Rscript palermo.R              needs a server; SERVER names another than http://127.0.0.1:8000
#
# The package SPARQL was archived on CRAN in 2022: Debian and Ubuntu have it as r-cran-sparql, elsewhere
# remotes::install_version("SPARQL", "1.16") brings it. The second way below does without it.
suppressPackageStartupMessages(library(SPARQL))

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

# With the package: IRIs come in angle brackets, labels with their language, unbound as NA.
found <- SPARQL(url = paste0(server, "/sparql"), query = query)$results
cat("with the package:", nrow(found), "parties\n")

# Without it: any server answers CSV.
parties <- read.csv(paste0(server, "/sparql?format=csv&query=", URLencode(query, reserved = TRUE)),
                    fileEncoding = "UTF-8", colClasses = "character")
cat("as CSV:", nrow(parties), "parties\n")
stopifnot(setequal(gsub("[<>]", "", found$state), parties$state))

# Parties whose day no source states have an empty cell: count them apart, never drop them.
known <- nzchar(parties$since)
years <- as.integer(substr(parties$since[known], 1, 4))
cat("of unknown day:", sum(!known), "\n")
cat("by the end of 2003:", sum(years <= 2003), "and of 2010:", sum(years <= 2010), "\n")

# The JSON API answers CSV too: what France did, without SPARQL.
acts <- read.csv(paste0(server, "/api/v1/treaty-actions.csv?treaty=palermo-protocol&participant=fra&sort=day"))
print(acts[, c("action", "date")], row.names = FALSE)

# Written to Rplots.pdf where R runs without a screen.
plot(sort(unique(years)), cumsum(table(years)), type = "s", xlab = "", ylab = "parties",
     main = sprintf("Palermo Protocol (%d of unknown day)", sum(!known)))
