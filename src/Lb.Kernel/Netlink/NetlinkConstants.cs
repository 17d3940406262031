namespace Lb.Kernel.Netlink;

/// <summary>Types of messages (<c>RTM_*</c>, <c>NLMSG_*</c>).</summary>
internal enum MessageType : ushort
{
    Error = 2,
    Done = 3,
    NewLink = 16,
    DeleteLink = 17,
    GetLink = 18,
    NewAddress = 20,
    DeleteAddress = 21,
    GetAddress = 22,
    NewRoute = 24,
    DeleteRoute = 25,
    GetRoute = 26,
    NewNeighbour = 28,
    DeleteNeighbour = 29,
    GetNeighbour = 30,
    NewRule = 32,
    DeleteRule = 33,
    GetRule = 34,
    NewDiscipline = 36,
    DeleteDiscipline = 37,
    GetDiscipline = 38,
    NewFilter = 44,
    DeleteFilter = 45,
    GetFilter = 46,
}

/// <summary>Flags of a request (<c>NLM_F_*</c>).</summary>
[Flags]
internal enum RequestFlags : ushort
{
    None = 0,
    Request = 0x1,
    Acknowledge = 0x4,
    Root = 0x100,
    Match = 0x200,
    Dump = Root | Match,
    Create = 0x400,

    /// <summary>Of a request that creates: only what is not there yet (<c>NLM_F_EXCL</c>, the same bit as <c>MATCH</c>).</summary>
    CreateNew = Create | Match,
}

/// <summary>Groups of notifications (<c>RTNLGRP_*</c>).</summary>
internal enum Group
{
    Link = 1,
    Neighbour = 3,
    IPv4Address = 5,
    IPv4Route = 7,
    IPv6Address = 9,
    IPv6Route = 11,
}

/// <summary>Flags of an interface (<c>IFF_*</c>).</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,
    Up = 0x1,
    Loopback = 0x8,
    NoArp = 0x80,
    Carrier = 0x10000, // IFF_LOWER_UP
}

/// <summary>State of a neighbour (<c>NUD_*</c>).</summary>
[Flags]
internal enum NeighbourState : ushort
{
    None = 0,
    Reachable = 0x02,
    Stale = 0x04,
    Delay = 0x08,
    Probe = 0x10,
    Failed = 0x20,
    NoArp = 0x40,
    Permanent = 0x80,

    /// <summary>States in which it answered lately, or needs not.</summary>
    Confirmed = Reachable | NoArp | Permanent,

    /// <summary>States in which its link-layer address can be used.</summary>
    Usable = Reachable | Stale | Delay | Probe | NoArp | Permanent,
}
