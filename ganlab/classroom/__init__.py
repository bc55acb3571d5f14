"""A class on one server: a teacher, students with a seat each, and the board on which the teacher sees all of them."""
