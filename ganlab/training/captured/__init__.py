"""An iteration that is recorded once as the operations on tensors that it consists of, and then repeated."""
