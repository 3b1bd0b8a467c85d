# Run in this folder: Rscript check.R. Needs nothing but R itself.
f <- read.csv("figures.csv", colClasses = c(group_code = "character"), encoding = "UTF-8")
z <- qnorm(0.975)
wilson <- function(x, n) {
  p <- x / n
  middle <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2)) / (1 + z^2 / n)
  cbind(p, middle - half, middle + half)
}
same <- function(what, ours, shown) {
  worst <- max(c(0, abs(ours - shown)), na.rm = TRUE)
  cat(sprintf("%s: %d figures, largest difference %.1e\n", what, sum(!is.na(shown)), worst))
  stopifnot(worst < 1e-6)
}
shares <- c("asked", "yes", "came", "helped", "told")
s <- f[f$figure %in% shares & !is.na(f$value), ]
w <- wilson(s$n, s$of)
same("shares and their intervals", w, as.matrix(s[, c("value", "low", "high")]))
r <- s[s$compared == "reference", ]
g <- s[!is.na(s$difference), ]
if (nrow(g) > 0) {
  m <- match(g$figure, r$figure)
  a <- wilson(g$n, g$of)
  b <- wilson(r$n[m], r$of[m])
  d <- a[, 1] - b[, 1]
  low <- d - sqrt((a[, 1] - a[, 2])^2 + (b[, 3] - b[, 1])^2)
  high <- d + sqrt((a[, 3] - a[, 1])^2 + (b[, 1] - b[, 2])^2)
  same("differences (Newcombe)", cbind(d, low, high),
       as.matrix(g[, c("difference", "difference_low", "difference_high")]))
  k <- !is.na(g$ratio)
  ratio <- a[k, 1] / b[k, 1]
  error <- sqrt(1 / g$n[k] - 1 / g$of[k] + 1 / r$n[m][k] - 1 / r$of[m][k])
  same("ratios (Katz)", cbind(ratio, ratio / exp(z * error), ratio * exp(z * error)),
       as.matrix(g[k, c("ratio", "ratio_low", "ratio_high")]))
}
cat("Every shown share, interval and gap comes out of the shown counts.\n")
