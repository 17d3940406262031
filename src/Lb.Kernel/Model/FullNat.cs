using System.Net;

namespace Lb.Kernel;

/// <summary>An address of the node that full-nat sends from, with the ports that it may take.</summary>
/// <param name="Address">The address.</param>
/// <param name="First">First port, host byte order.</param>
/// <param name="Last">Last port.</param>
public readonly record struct FullNatSource(IPAddress Address, ushort First, ushort Last)
{
    /// <summary>How many of them one family may have.</summary>
    public const int Most = (int)Layout.Limit.SourceLimit;

    /// <summary>Ports that it has for each backend.</summary>
    public int Ports => Last - First + 1;
}

/// <summary>What TCP has said of a flow.</summary>
public enum FullNatState
{
    /// <summary>Neither end has ended it, or one alone has; always for UDP.</summary>
    Open,

    /// <summary>Both ends have sent FIN.</summary>
    Closed,

    /// <summary>One end has sent RST.</summary>
    Reset,
}

/// <summary>A flow of full-nat, as a sweep sees it.</summary>
/// <param name="Service">Service id.</param>
/// <param name="Backend">Backend index.</param>
/// <param name="Protocol">Transport protocol.</param>
/// <param name="IsNew">Not both ends have a part in it yet.</param>
/// <param name="State">What TCP has said.</param>
/// <param name="Idle">Time since the last packet of either direction, to about a second.</param>
public readonly record struct FullNatFlow(
    uint Service, uint Backend, TransportProtocol Protocol, bool IsNew, FullNatState State, TimeSpan Idle);

/// <summary>What a sweep of full-nat's flows saw and did.</summary>
/// <param name="Flows">Flows that are left.</param>
/// <param name="New">Of those, how many are new.</param>
/// <param name="Removed">Flows that were over.</param>
/// <param name="Ports">Ports in use by backend index.</param>
public sealed record FullNatSweep(int Flows, int New, int Removed, IReadOnlyDictionary<uint, int> Ports);
