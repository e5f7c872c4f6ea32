"""The door for language-model agents: the Model Context Protocol over HTTP and over standard input and output.

`answers` thinks (a release in, plain values out), `asking` runs SPARQL in the strangers' sandbox, `serving` says what
there is and maps errors. Every answer names the sources of what it says.
"""
