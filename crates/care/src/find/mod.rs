//! Finding support: by need, interest, place and distance; why each result is there.
