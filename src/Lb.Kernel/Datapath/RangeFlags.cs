using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>The node's flags, one for each address family, without which no packet looks for ranges.</summary>
internal readonly record struct RangeFlags(NodeMap Node, NodeFlags V4, NodeFlags V6)
{
    /// <summary>Whether packets of a family look for ranges.</summary>
    public bool IsSet(bool v4) => Node.Has(v4 ? V4 : V6);

    /// <summary>Has packets look for ranges, or not.</summary>
    public void Set(bool v4, bool v6)
    {
        Node.SetFlag(V4, v4);
        Node.SetFlag(V6, v6);
    }
}
