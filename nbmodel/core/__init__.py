"""Chemistry without biology: rate laws, reaction networks, their integration, exchange as SBML."""
