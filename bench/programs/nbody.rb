# Float arithmetic on object fields: five bodies under gravity.
YEAR = 365.24
SOLAR_MASS = 4.0 * Math::PI * Math::PI

class Body
  attr_accessor :x, :y, :z, :vx, :vy, :vz, :mass

  def initialize(x, y, z, vx, vy, vz, mass)
    @x = x
    @y = y
    @z = z
    @vx = vx
    @vy = vy
    @vz = vz
    @mass = mass
  end
end

def planet(x, y, z, vx, vy, vz, mass)
  Body.new(x, y, z, vx * YEAR, vy * YEAR, vz * YEAR, mass * SOLAR_MASS)
end

def solar_system
  [
    planet(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    planet(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
      0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
    planet(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
      -0.00276742510726411, 0.00499852801234917, 0.0000230417297573763929, 0.000285885980666130812),
    planet(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
      0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
    planet(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
      0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
  ]
end

def stop_drift(bodies)
  px = py = pz = 0.0
  for b in bodies
    px += b.vx * b.mass
    py += b.vy * b.mass
    pz += b.vz * b.mass
  end
  sun = bodies[0]
  sun.vx = -px / SOLAR_MASS
  sun.vy = -py / SOLAR_MASS
  sun.vz = -pz / SOLAR_MASS
end

def energy(bodies)
  e = 0.0
  last = bodies.size - 1
  for i in 0..last
    a = bodies[i]
    e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j in i + 1..last
      b = bodies[j]
      dx = a.x - b.x
      dy = a.y - b.y
      dz = a.z - b.z
      e -= a.mass * b.mass / Math.sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  e
end

def advance(bodies, dt)
  last = bodies.size - 1
  for i in 0..last
    a = bodies[i]
    for j in i + 1..last
      b = bodies[j]
      dx = a.x - b.x
      dy = a.y - b.y
      dz = a.z - b.z
      d2 = dx * dx + dy * dy + dz * dz
      pull = dt / (d2 * Math.sqrt(d2))
      to_a = b.mass * pull
      a.vx -= dx * to_a
      a.vy -= dy * to_a
      a.vz -= dz * to_a
      to_b = a.mass * pull
      b.vx += dx * to_b
      b.vy += dy * to_b
      b.vz += dz * to_b
    end
  end
  for b in bodies
    b.x += dt * b.vx
    b.y += dt * b.vy
    b.z += dt * b.vz
  end
end

# Nine digits of a negative energy, cut the same way in every language.
def digits(e) = (e * 1000000000.0).floor

def main(n)
  bodies = solar_system
  stop_drift(bodies)
  puts "before #{digits(energy(bodies))}"
  n.times { advance(bodies, 0.01) }
  puts "after #{digits(energy(bodies))}"
end

main(Integer(ARGV[0] || 200000))
