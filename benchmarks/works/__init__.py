"""What is measured besides `streets`: the whole case, ensembles, classic models, and where the time goes."""
