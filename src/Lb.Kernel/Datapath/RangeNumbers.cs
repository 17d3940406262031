using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>Numbers that stand for services of prefixes and port ranges, where a key has no room for these.</summary>
internal sealed class RangeNumbers : IDisposable
{
    private readonly ArrayMap<RangeValue> _map;

    /// <summary>The numbers in use: this process is the only writer of the map.</summary>
    private readonly Dictionary<Endpoint, uint> _known = [];

    public RangeNumbers(ArrayMap<RangeValue> map)
    {
        _map = map;
        RangeValue[] values = map.ReadAll();
        for (uint number = 1; number < (uint)values.Length; number++)
        {
            if (values[number].ToEndpoint() is { } service)
            {
                _known.TryAdd(service, number);
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
        return number;
    }

    /// <summary>Gives back the number of a service.</summary>
    public void Release(Endpoint service)
    {
        if (_known.Remove(service, out uint number))
        {
            _map[number] = default;
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
        HashSet<uint> taken = [.. _known.Values];
        for (uint number = 1; number < (uint)_map.Capacity; number++)
        {
            if (!taken.Contains(number))
            {
                return number;
            }
        }

        throw new KernelException(
            $"{MapNames.Ranges} has no number left.", "Raise kernel.max-services, which starts the site's state anew.");
    }
}
