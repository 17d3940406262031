using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>
/// How packets find services of prefixes and port ranges: by address a group, by port of it a service. Replies of nat find backends
/// with ranges in the same way.
/// </summary>
/// <remarks>
/// <para>
/// The ports of a group are never changed. What a prefix has is written as another group, and then the prefix is pointed
/// at that in one update: a packet finds the old ports or the new ones.
/// </para>
/// <para>
/// A packet that is on its way may have read the old group still; its ports are removed by the next change.
/// </para>
/// </remarks>
internal sealed class RangeMaps(
    LpmTable<PrefixKey4> v4, LpmTable<PrefixKey6> v6, LpmTable<PortsKey> ports, RangeNumbers numbers, RangeFlags flags, EpochMap? epoch = null)
    : IDisposable
{
    private const int AllBits4 = 32;
    private const int AllBits6 = 128;

    /// <summary>The services that were written, or found at the start.</summary>
    private HashSet<Endpoint> _written = [];

    /// <summary>The flags that go with what is written.</summary>
    public NodeFlags Flags =>
        (Has(AddressFamily.InterNetwork) ? flags.V4 : NodeFlags.None)
        | (Has(AddressFamily.InterNetworkV6) ? flags.V6 : NodeFlags.None);

    /// <summary>Takes over what an earlier start left, whose services these are.</summary>
    public void Adopt(IReadOnlySet<Endpoint> services)
    {
        numbers.Keep(services);
        _written = [.. services];
        SetFlags();
    }

    /// <summary>The services that packets find: those written last, or none when the maps are not as they were written.</summary>
    public IReadOnlySet<Endpoint> Read()
    {
        RangeState there = ReadState();
        Dictionary<IPNetwork, Dictionary<PortsKey, uint>> wanted = Draw(_written);
        bool holds = there.Prefixes.Count == wanted.Count
            && wanted.All(prefix => there.Holds(prefix.Key, prefix.Value))
            && there.AreApart;
        return holds ? _written.ToHashSet() : new HashSet<Endpoint>();
    }

    /// <summary>Has packets find exactly these services.</summary>
    public void Write(IReadOnlySet<Endpoint> services)
    {
        try
        {
            Change(services);
        }
        finally
        {
            // What CPUs keep is of before.
            epoch?.Raise();
        }
    }

    /// <summary>The service of a range that a packet to an endpoint finds; null for none.</summary>
    public Endpoint? Find(Endpoint to)
    {
        if (!flags.IsSet(IsIPv4(to.Address)) || GroupOf(to.Address) is not { } group)
        {
            return null;
        }

        const int singlePort = 16;
        return ports.Match(PortsKey.From(group, to.Protocol, new PortBlock(to.Port, singlePort))) is { } number
            ? numbers.NameOf(number)
            : null;
    }

    /// <summary>Whether an address is inside a prefix that has services.</summary>
    public bool Has(IPAddress address) =>
        flags.IsSet(IsIPv4(address)) && GroupOf(address) is not null;

    public void Dispose()
    {
        v4.Dispose();
        v6.Dispose();
        ports.Dispose();
    }

    private void Change(IReadOnlySet<Endpoint> services)
    {
        RangeState there = ReadState();
        RemoveUnused(there);
        Dictionary<IPNetwork, Dictionary<PortsKey, uint>> wanted = Draw(services);
        var undo = new Stack<Action>();
        try
        {
            List<(IPNetwork Prefix, uint Group)> changed = [];
            foreach ((IPNetwork prefix, Dictionary<PortsKey, uint> content) in wanted)
            {
                if (!there.AreApart || !there.Holds(prefix, content))
                {
                    uint group = there.TakeGroup();
                    changed.Add((prefix, group));
                    Add(group, content, undo);
                }
            }

            foreach ((IPNetwork prefix, uint next) in changed)
            {
                uint? before = there.Prefixes.TryGetValue(prefix, out uint old) ? old : null;
                Set(prefix, next);
                undo.Push(() => Restore(prefix, before));
            }
        }
        catch (KernelException)
        {
            while (undo.TryPop(out Action? step))
            {
                step();
            }

            throw;
        }

        _written = [.. services];
        // Set before a packet needs it, cleared when none does.
        SetFlags();
        foreach (IPNetwork prefix in there.Prefixes.Keys.Where(prefix => !wanted.ContainsKey(prefix)))
        {
            Delete(prefix);
        }
    }

    private static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    private bool Has(AddressFamily family) => _written.Any(service => service.Address.AddressFamily == family);

    private void SetFlags() => flags.Set(Has(AddressFamily.InterNetwork), Has(AddressFamily.InterNetworkV6));

    private uint? GroupOf(IPAddress address) => IsIPv4(address)
        ? v4.Match(PrefixKey4.From(new IPNetwork(address, AllBits4)))
        : v6.Match(PrefixKey6.From(new IPNetwork(address, AllBits6)));

    /// <summary>What each prefix is to find, with group 0.</summary>
    private Dictionary<IPNetwork, Dictionary<PortsKey, uint>> Draw(IReadOnlyCollection<Endpoint> services) =>
        RangeRule.Groups(services).ToDictionary(
            group => group.Key,
            group => group.Value.ToDictionary(
                part => PortsKey.From(0, part.Key.Protocol, part.Key.Block), part => numbers.Find(part.Value)));

    private RangeState ReadState() => new(
        [
            .. v4.ReadAll().Select(entry => KeyValuePair.Create(entry.Key.ToNetwork(), entry.Value)),
            .. v6.ReadAll().Select(entry => KeyValuePair.Create(entry.Key.ToNetwork(), entry.Value)),
        ],
        ports.ReadAll());

    private void RemoveUnused(RangeState there)
    {
        foreach (PortsKey key in there.TakeUnused())
        {
            ports.Delete(key);
        }
    }

    private void Add(uint group, Dictionary<PortsKey, uint> content, Stack<Action> undo)
    {
        foreach ((PortsKey part, uint number) in content)
        {
            PortsKey key = part with { Group = group };
            ports.Set(key, number);
            undo.Push(() => ports.Delete(key));
        }
    }

    private void Set(IPNetwork prefix, uint group)
    {
        if (IsIPv4(prefix.BaseAddress))
        {
            v4.Set(PrefixKey4.From(prefix), group);
        }
        else
        {
            v6.Set(PrefixKey6.From(prefix), group);
        }
    }

    private void Restore(IPNetwork prefix, uint? group)
    {
        if (group is { } before)
        {
            Set(prefix, before);
        }
        else
        {
            Delete(prefix);
        }
    }

    private void Delete(IPNetwork prefix) =>
        _ = IsIPv4(prefix.BaseAddress) ? v4.Delete(PrefixKey4.From(prefix)) : v6.Delete(PrefixKey6.From(prefix));
}
