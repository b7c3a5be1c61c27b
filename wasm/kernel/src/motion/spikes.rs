//! Single wild values, which sensors and radio links make.

/// How many times larger than everything around it a single deviation must be.
const FACTOR: f64 = 10.0;
/// No sensor of motion counts this high in any unit.
const LARGEST: f64 = 1e12;

/// Whether the middle of five values stands alone: no movement that was sampled often enough does that.
fn stands_alone([a, b, c, d, e]: [f64; 5]) -> bool {
    let jump = (c - b).abs().min((c - d).abs());
    let around = (b - a).abs().max((d - b).abs()).max((e - d).abs());
    (c - b) * (c - d) > 0.0 && jump > FACTOR * around && jump > 0.0
}

/// Whether the sample in the middle of five can be used: three plausible numbers, none standing alone.
pub fn usable(samples: &[[f64; 3]; 5]) -> bool {
    (0..3).all(|axis| {
        let values = [0, 1, 2, 3, 4].map(|i| samples[i][axis]);
        values[2].abs() <= LARGEST && !stands_alone(values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along_x(values: [f64; 5]) -> [[f64; 3]; 5] {
        values.map(|x| [x, 0.0, 1.0])
    }

    #[test]
    fn finds_single_wild_values_only() {
        assert!(!usable(&along_x([0.1, 0.2, 50.0, 0.3, 0.2])));
        assert!(!usable(&along_x([0.1, 0.2, -50.0, 0.3, 0.2])));
        assert!(usable(&along_x([0.1, 0.2, 0.4, 0.3, 0.2])));
        // A step, and the fastest oscillation, are no spikes.
        assert!(usable(&along_x([0.0, 0.0, 9.0, 9.0, 9.0])));
        assert!(usable(&along_x([1.0, -1.0, 1.0, -1.0, 1.0])));
        assert!(usable(&along_x([0.0; 5])));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for wild in [f64::NAN, f64::INFINITY, 1e13] {
            assert!(!usable(&along_x([0.0, 0.0, wild, 0.0, 0.0])));
            assert!(usable(&along_x([wild, 0.1, 0.1, 0.1, 0.1])));
        }
    }
}
