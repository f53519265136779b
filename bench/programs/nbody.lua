-- Float arithmetic on object fields: five bodies under gravity.
local year = 365.24
local solar_mass = 4.0 * math.pi * math.pi
local sqrt = math.sqrt

local function planet(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx * year, vy = vy * year, vz = vz * year, mass = mass * solar_mass }
end

local function solar_system()
  return {
    planet(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    planet(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
      0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
    planet(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
      -0.00276742510726411, 0.00499852801234917, 0.0000230417297573763929, 0.000285885980666130812),
    planet(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
      0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
    planet(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
      0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
  }
end

local function stop_drift(bodies)
  local px, py, pz = 0.0, 0.0, 0.0
  for _, b in ipairs(bodies) do
    px = px + b.vx * b.mass
    py = py + b.vy * b.mass
    pz = pz + b.vz * b.mass
  end
  local sun = bodies[1]
  sun.vx = -px / solar_mass
  sun.vy = -py / solar_mass
  sun.vz = -pz / solar_mass
end

local function energy(bodies)
  local e = 0.0
  local last = #bodies
  for i = 1, last do
    local a = bodies[i]
    e = e + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, last do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      e = e - a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end

local function advance(bodies, dt)
  local last = #bodies
  for i = 1, last do
    local a = bodies[i]
    for j = i + 1, last do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      local d2 = dx * dx + dy * dy + dz * dz
      local pull = dt / (d2 * sqrt(d2))
      local to_a = b.mass * pull
      a.vx = a.vx - dx * to_a
      a.vy = a.vy - dy * to_a
      a.vz = a.vz - dz * to_a
      local to_b = a.mass * pull
      b.vx = b.vx + dx * to_b
      b.vy = b.vy + dy * to_b
      b.vz = b.vz + dz * to_b
    end
  end
  for _, b in ipairs(bodies) do
    b.x = b.x + dt * b.vx
    b.y = b.y + dt * b.vy
    b.z = b.z + dt * b.vz
  end
end

-- Nine digits of a negative energy, cut the same way in every language.
local function digits(e) return math.floor(e * 1000000000.0) end

local function main(n)
  local bodies = solar_system()
  stop_drift(bodies)
  print("before " .. digits(energy(bodies)))
  for _ = 1, n do advance(bodies, 0.01) end
  print("after " .. digits(energy(bodies)))
end

main(tonumber(arg[1]) or 200000)
