"""Public reports of CORS errors, rebuilt: a module for each kind or set; `report` has what they are made of."""
