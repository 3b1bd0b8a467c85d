//! Messages that leave: content-free, cleared by the safe-contact function.
