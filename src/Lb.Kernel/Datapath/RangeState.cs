using System.Net;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>What the maps of prefixes and ports hold.</summary>
internal sealed class RangeState
{
    private readonly Dictionary<uint, Dictionary<PortsKey, uint>> _groups;

    public RangeState(
        IReadOnlyCollection<KeyValuePair<IPNetwork, uint>> prefixes, IReadOnlyCollection<KeyValuePair<PortsKey, uint>> ports)
    {
        Prefixes = prefixes.ToDictionary();
        _groups = ports
            .GroupBy(entry => entry.Key.Group)
            .ToDictionary(
                group => group.Key,
                group => group.ToDictionary(entry => entry.Key with { Group = 0 }, entry => entry.Value));
    }

    /// <summary>Group of each prefix.</summary>
    public Dictionary<IPNetwork, uint> Prefixes { get; }

    /// <summary>No two prefixes have one group, and none has group 0: so all are that this version has written.</summary>
    public bool AreApart => Prefixes.Values.Distinct().Count() == Prefixes.Count && !Prefixes.ContainsValue(0);

    /// <summary>Whether a prefix has just these ports, given with group 0.</summary>
    public bool Holds(IPNetwork prefix, Dictionary<PortsKey, uint> content) =>
        Prefixes.TryGetValue(prefix, out uint group)
        && _groups.TryGetValue(group, out Dictionary<PortsKey, uint>? held)
        && held.Count == content.Count
        && content.All(part => held.TryGetValue(part.Key, out uint number) && number == part.Value);

    /// <summary>The ports of groups that no prefix has; they are forgotten here.</summary>
    public IReadOnlyList<PortsKey> TakeUnused()
    {
        List<PortsKey> unused = [];
        foreach (uint group in _groups.Keys.Except(Prefixes.Values).ToArray())
        {
            unused.AddRange(_groups[group].Keys.Select(key => key with { Group = group }));
            _groups.Remove(group);
        }

        return unused;
    }

    /// <summary>The lowest number above 0 that no group has, and none of those that were taken so.</summary>
    public uint TakeGroup()
    {
        uint group = 1;
        while (_groups.ContainsKey(group) || Prefixes.ContainsValue(group))
        {
            group++;
        }

        _groups.Add(group, []);
        return group;
    }
}
