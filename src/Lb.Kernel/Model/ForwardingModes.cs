using System.Collections.Immutable;
using System.Net.Sockets;

namespace Lb.Kernel;

/// <summary>What forwarding modes have in common, and their names.</summary>
public static class ForwardingModes
{
    /// <summary>UDP port of <see cref="ForwardingMode.DsrGue"/> unless told: what IANA has given to GUE.</summary>
    public const ushort GuePort = 6080;

    /// <summary>All, each with the name that a configuration gives it.</summary>
    public static ImmutableArray<(string Name, ForwardingMode Mode)> All { get; } =
    [
        ("nat", ForwardingMode.Nat),
        ("full-nat", ForwardingMode.FullNat),
        ("dsr-ipip", ForwardingMode.DsrIpip),
        ("dsr-gue", ForwardingMode.DsrGue),
        ("dsr-l2", ForwardingMode.DsrL2),
        ("tproxy", ForwardingMode.Tproxy),
    ];

    /// <summary>Whether the backend gets the client's packet as it is, and answers the client itself.</summary>
    public static bool IsDsr(this ForwardingMode mode) =>
        mode is ForwardingMode.DsrIpip or ForwardingMode.DsrL2 or ForwardingMode.DsrGue;

    /// <summary>Whether the packet reaches the backend inside another.</summary>
    public static bool Tunnels(this ForwardingMode mode) => mode is ForwardingMode.DsrIpip or ForwardingMode.DsrGue;

    /// <summary>Whether packets of a family may go to backends of the other.</summary>
    public static bool Crosses(this ForwardingMode mode, AddressFamily family) => mode switch
    {
        ForwardingMode.DsrIpip => family == AddressFamily.InterNetwork,
        ForwardingMode.DsrL2 or ForwardingMode.DsrGue => true,
        _ => false,
    };

    /// <summary>The name that a configuration gives it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the modes.</exception>
    public static string Name(this ForwardingMode mode) =>
        All.FirstOrDefault(known => known.Mode == mode).Name
        ?? throw new ArgumentOutOfRangeException(nameof(mode), mode, "no forwarding mode");
}
