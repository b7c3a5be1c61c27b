//! Singular values of 3 x 3 matrices, which say how well one set of vectors is a rotation of another.

/// Rows of a matrix.
pub type Matrix = [[f64; 3]; 3];

/// Sweeps of Jacobi's method; three axes are orthogonal to the last bit after five or six.
const SWEEPS: usize = 12;
/// Directions with less than this share of the largest singular value are not defined by the data.
const RANK_TOLERANCE: f64 = 1e-9;

pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn scaled(a: [f64; 3], factor: f64) -> [f64; 3] {
    a.map(|value| value * factor)
}

/// Columns of a matrix that are turned until they are orthogonal, and the turns (one-sided Jacobi method).
struct Decomposition {
    /// Left singular vectors times the singular values.
    columns: [[f64; 3]; 3],
    /// Right singular vectors.
    turns: [[f64; 3]; 3],
}

fn decompose(matrix: &Matrix) -> Decomposition {
    let column = |j: usize| [matrix[0][j], matrix[1][j], matrix[2][j]];
    let mut columns = [column(0), column(1), column(2)];
    let mut turns = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for _ in 0..SWEEPS {
        let mut largest: f64 = 0.0;
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            let (pp, qq) = (dot(columns[p], columns[p]), dot(columns[q], columns[q]));
            let pq = dot(columns[p], columns[q]);
            let size = (pp * qq).sqrt();
            if size == 0.0 || pq.abs() <= 1e-16 * size {
                continue;
            }
            largest = largest.max(pq.abs() / size);
            let zeta = (qq - pp) / (2.0 * pq);
            let tangent = zeta.signum() / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
            let cos = 1.0 / (1.0 + tangent * tangent).sqrt();
            turn(&mut columns, p, q, cos, cos * tangent);
            turn(&mut turns, p, q, cos, cos * tangent);
        }
        if largest < 1e-15 {
            break;
        }
    }
    Decomposition { columns, turns }
}

fn turn(vectors: &mut [[f64; 3]; 3], p: usize, q: usize, cos: f64, sin: f64) {
    for axis in 0..3 {
        let (a, b) = (vectors[p][axis], vectors[q][axis]);
        vectors[p][axis] = cos * a - sin * b;
        vectors[q][axis] = sin * a + cos * b;
    }
}

pub fn determinant(matrix: &Matrix) -> f64 {
    dot(matrix[0], cross(matrix[1], matrix[2]))
}

/// The largest `trace(Q^T M)` of all rotations `Q`: the sum of the singular values, the least of them counted
/// against it when only a mirror would bring it about.
pub fn rotation_norm(matrix: &Matrix) -> f64 {
    let sizes = decompose(matrix).columns.map(|column| dot(column, column).sqrt());
    let sum: f64 = sizes.iter().sum();
    if determinant(matrix) < 0.0 { sum - 2.0 * sizes[0].min(sizes[1]).min(sizes[2]) } else { sum }
}

/// The rotation nearest to `matrix` (Kabsch 1976). What the data leave open is completed.
pub fn nearest_rotation(matrix: &Matrix) -> Matrix {
    let Decomposition { columns, turns } = decompose(matrix);
    let norms = columns.map(|column| dot(column, column).sqrt());
    let mut order = [0, 1, 2];
    order.sort_by(|&i, &j| norms[j].total_cmp(&norms[i]));
    let [first, second, third] = order;
    if !(norms[first] > 0.0) || !norms[first].is_finite() {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let limit = RANK_TOLERANCE * norms[first];
    let u1 = scaled(columns[first], 1.0 / norms[first]);
    let u2 = if norms[second] > limit {
        scaled(columns[second], 1.0 / norms[second])
    } else {
        perpendicular(u1)
    };
    // Of both directions along the third axis only one makes a rotation.
    let handed = dot(cross(turns[first], turns[second]), turns[third]);
    let u3 = scaled(cross(u1, u2), handed);
    let mut nearest = [[0.0; 3]; 3];
    for (u, v) in [(u1, turns[first]), (u2, turns[second]), (u3, turns[third])] {
        for i in 0..3 {
            for j in 0..3 {
                nearest[i][j] += u[i] * v[j];
            }
        }
    }
    nearest
}

fn perpendicular(u: [f64; 3]) -> [f64; 3] {
    // The axis that lies least along the vector gives the best conditioned product.
    let axis = (0..3).fold(0, |least, i| if u[i].abs() < u[least].abs() { i } else { least });
    let mut unit = [0.0; 3];
    unit[axis] = 1.0;
    let found = cross(u, unit);
    scaled(found, 1.0 / dot(found, found).sqrt())
}

/// `matrix * vector`.
pub fn apply(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| dot(row, vector))
}

/// Solves `matrix * x = right` for a symmetric matrix without negative eigenvalues, held away from singular.
pub fn solve(mut matrix: Matrix, right: [f64; 3]) -> [f64; 3] {
    let size = matrix[0][0] + matrix[1][1] + matrix[2][2];
    if !(size > 0.0) || !size.is_finite() {
        return [0.0; 3];
    }
    for i in 0..3 {
        matrix[i][i] += RANK_TOLERANCE * size;
    }
    let [x, y, z] = matrix;
    let (yz, zx, xy) = (cross(y, z), cross(z, x), cross(x, y));
    let determinant = dot(x, yz);
    // Cramer's rule: the matrix is its own transpose.
    [0, 1, 2].map(|i| (right[0] * yz[i] + right[1] * zx[i] + right[2] * xy[i]) / determinant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn product(a: &Matrix, b: &Matrix) -> Matrix {
        let mut out = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                out[i][j] = (0..3).map(|k| a[i][k] * b[k][j]).sum();
            }
        }
        out
    }

    fn transposed(m: &Matrix) -> Matrix {
        let mut out = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                out[i][j] = m[j][i];
            }
        }
        out
    }

    fn assert_close(a: &Matrix, b: &Matrix) {
        for i in 0..3 {
            for j in 0..3 {
                assert!((a[i][j] - b[i][j]).abs() < 1e-12, "{a:?} is not {b:?}");
            }
        }
    }

    /// Rotation by an angle about an axis (Rodrigues), mirrored on demand.
    fn rotation(random: &mut Random, mirrored: bool) -> Matrix {
        let raw = [random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5];
        let axis = scaled(raw, 1.0 / dot(raw, raw).sqrt());
        let (sin, cos) = (6.0 * random.uniform()).sin_cos();
        let mut out = [[0.0; 3]; 3];
        for j in 0..3 {
            let mut unit = [0.0; 3];
            unit[j] = if mirrored { -1.0 } else { 1.0 };
            let along = dot(axis, unit) * (1.0 - cos);
            let across = cross(axis, unit);
            for i in 0..3 {
                out[i][j] = unit[i] * cos + across[i] * sin + axis[i] * along;
            }
        }
        out
    }

    const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    #[test]
    fn parts_a_product_into_its_rotation_and_its_stretch() {
        let mut random = Random::new(1);
        for _ in 0..50 {
            let q = rotation(&mut random, false);
            let axes = rotation(&mut random, false);
            let diagonal = [[5.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.5]];
            // A symmetric positive matrix: the polar factor of q * stretch is q.
            let stretch = product(&product(&axes, &diagonal), &transposed(&axes));
            let matrix = product(&q, &stretch);
            assert_close(&nearest_rotation(&matrix), &q);
            assert!((rotation_norm(&matrix) - 7.5).abs() < 1e-12);
        }
    }

    #[test]
    fn mirrors_nothing() {
        let mut random = Random::new(4);
        for _ in 0..50 {
            let (left, right) = (rotation(&mut random, false), rotation(&mut random, false));
            let diagonal = [[5.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 0.5]];
            let matrix = product(&product(&left, &diagonal), &transposed(&right));
            let found = nearest_rotation(&matrix);
            assert!((determinant(&found) - 1.0).abs() < 1e-12);
            assert!((rotation_norm(&matrix) - 6.5).abs() < 1e-12);
            let trace: f64 = (0..3).map(|i| product(&transposed(&found), &matrix)[i][i]).sum();
            assert!((trace - 6.5).abs() < 1e-12);
        }
    }

    #[test]
    fn stays_a_rotation_when_axes_are_missing() {
        let mut random = Random::new(2);
        for kept in 0..3 {
            let mut diagonal = [[0.0; 3]; 3];
            for i in 0..kept {
                diagonal[i][i] = 1.0 + i as f64;
            }
            let left = rotation(&mut random, false);
            let matrix = product(&product(&left, &diagonal), &rotation(&mut random, false));
            let found = nearest_rotation(&matrix);
            assert_close(&product(&transposed(&found), &found), &IDENTITY);
            let trace: f64 = (0..3).map(|i| product(&transposed(&found), &matrix)[i][i]).sum();
            assert!((trace - rotation_norm(&matrix)).abs() < 1e-12);
        }
    }

    #[test]
    fn solves_symmetric_systems() {
        let matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]];
        let found = solve(matrix, [1.0, -2.0, 3.0]);
        for (product, right) in apply(&matrix, found).into_iter().zip([1.0, -2.0, 3.0]) {
            assert!((product - right).abs() < 1e-6);
        }
        assert_eq!(solve([[0.0; 3]; 3], [1.0; 3]), [0.0; 3]);
    }
}
