using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>
/// Numbers that stand for services of prefixes and port ranges, or for backends of nat with ranges, where a key has no room for
/// these.
/// </summary>
internal sealed class RangeNumbers : IDisposable
{
    private readonly ArrayMap<RangeValue> _map;
    private readonly string _size;

    /// <summary>The numbers in use: this process is the only writer of the map.</summary>
    private readonly Dictionary<Endpoint, uint> _known = [];

    private readonly HashSet<uint> _taken = [];

    /// <summary>All numbers below are taken.</summary>
    private uint _lowest = 1;

    /// <summary>Takes over the numbers that there are.</summary>
    /// <param name="map">What they stand for.</param>
    /// <param name="size">The setting that says how many there may be.</param>
    public RangeNumbers(ArrayMap<RangeValue> map, string size)
    {
        _map = map;
        _size = size;
        RangeValue[] values = map.ReadAll();
        for (uint number = 1; number < (uint)values.Length; number++)
        {
            if (values[number].ToEndpoint() is { } service && _known.TryAdd(service, number))
            {
                _taken.Add(number);
            }
        }
    }

    /// <summary>The number of a service; 0 when it has none.</summary>
    public uint Find(Endpoint service) => _known.GetValueOrDefault(service);

    /// <summary>The service that a number stands for, as the kernel has it; null for none.</summary>
    public Endpoint? NameOf(uint number) =>
        number != 0 && number < (uint)_map.Capacity ? _map[number].ToEndpoint() : null;

    /// <summary>The number of a service, a new one if it has none.</summary>
    /// <exception cref="KernelException">Every number is taken.</exception>
    public uint Assign(Endpoint service)
    {
        uint number = _known.TryGetValue(service, out uint known) ? known : FirstFree();
        _map[number] = RangeValue.From(service);
        _known[service] = number;
        _taken.Add(number);
        return number;
    }

    /// <summary>Gives back the number of a service.</summary>
    public void Release(Endpoint service)
    {
        if (_known.Remove(service, out uint number))
        {
            _map[number] = default;
            _taken.Remove(number);
            _lowest = Math.Min(_lowest, number);
        }
    }

    /// <summary>Gives back the numbers of all services but these: a process that was killed may have left some.</summary>
    public void Keep(IReadOnlySet<Endpoint> services)
    {
        foreach (Endpoint service in _known.Keys.Where(service => !services.Contains(service)).ToArray())
        {
            Release(service);
        }
    }

    public void Dispose() => _map.Dispose();

    private uint FirstFree()
    {
        while (_taken.Contains(_lowest))
        {
            _lowest++;
        }

        return _lowest < (uint)_map.Capacity
            ? _lowest
            : throw new KernelException($"{_map.Name} has no number left.", $"Raise {_size}, which takes a restart.");
    }
}
