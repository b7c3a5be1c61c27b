//! Points, hulls and distances in the plane.

/// A point in pixels, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub fn new(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    pub fn distance(self, other: Point) -> f32 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        (x * x + y * y).sqrt()
    }
}

/// Twice the signed area of a triangle; positive when it turns clockwise as seen.
fn turn(a: Point, b: Point, c: Point) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// The convex hull, clockwise as seen (Andrew 1979). Points on its edges are left out.
pub fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut hull = half_hull(sorted.iter().copied());
    let back = half_hull(sorted.iter().rev().copied());
    hull.pop();
    hull.extend(&back[..back.len() - 1]);
    hull
}

fn half_hull(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for point in points {
        while chain.len() >= 2 && turn(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0.0 {
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

/// Distance of a point from a line between two points, and where along it the nearest place lies, 0 to 1.
pub fn segment_distance(point: Point, from: Point, to: Point) -> (f32, f32) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (((point.x - from.x) * dx + (point.y - from.y) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (point.distance(Point::new(from.x + along * dx, from.y + along * dy)), along)
}

/// Distance of a point from a convex polygon that turns clockwise; 0 within.
pub fn convex_distance(point: Point, hull: &[Point]) -> f32 {
    let edges = (0..hull.len()).map(|at| (hull[at], hull[(at + 1) % hull.len()]));
    if hull.len() >= 3 && edges.clone().all(|(a, b)| turn(a, b, point) >= 0.0) {
        return 0.0;
    }
    edges.map(|(a, b)| segment_distance(point, a, b).0).fold(f32::INFINITY, f32::min)
}
