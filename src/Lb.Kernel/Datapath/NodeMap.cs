using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The node's own entry.</summary>
internal sealed class NodeMap(ArrayMap<NodeValue> map) : IDisposable
{
    /// <summary>Version of the layouts of who wrote the maps; 0 in new ones.</summary>
    public LayoutConstant Layout => map[0].Layout;

    /// <summary>Whether the entry is this.</summary>
    public bool Holds(NodeValue value)
    {
        NodeValue held = map[0];
        return (held.Layout, held.Flags, held.Inserts) == (value.Layout, value.Flags, value.Inserts);
    }

    /// <summary>Writes the whole entry.</summary>
    public void Write(NodeValue value) => map[0] = value;

    /// <summary>Signs the maps with this version and sets the insert budget.</summary>
    public void Sign(uint insertsPerTick) =>
        map[0] = map[0] with { Layout = LayoutConstant.Version, Inserts = insertsPerTick };

    /// <summary>Sampled services log one flow in so many; 0 while it was never set.</summary>
    public uint Sample
    {
        get => map[0].Sample;
        set => map[0] = map[0] with { Sample = value };
    }

    /// <summary>Whether a flag is set.</summary>
    public bool Has(NodeFlags flag) => map[0].Flags.HasFlag(flag);

    /// <summary>Sets or clears one flag.</summary>
    public void SetFlag(NodeFlags flag, bool on)
    {
        NodeValue value = map[0];
        NodeFlags flags = on ? value.Flags | flag : value.Flags & ~flag;
        if (flags != value.Flags)
        {
            map[0] = value with { Flags = flags };
        }
    }

    public void Dispose() => map.Dispose();
}
