using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>A kind of packet that is measured.</summary>
/// <param name="Name">As the report shows it.</param>
/// <param name="Vip">Where the packets go.</param>
/// <param name="Syn">They open flows; otherwise they belong to open ones.</param>
/// <param name="Service">How they are forwarded; null when there is no service for them.</param>
internal sealed record Workload(string Name, Endpoint Vip, bool Syn, ServiceEntry? Service)
{
    public AddressFamily Family => Vip.Address.AddressFamily;

    public byte[] Frame { get; } = Template.To(Vip, Syn);

    /// <summary>What the program does with them: they come from the interface that the backends are on.</summary>
    public XdpAction Action => Service is null ? XdpAction.Pass : XdpAction.Transmit;

    /// <summary>The flows are entered before anything is measured, as those of long-lived connections are.</summary>
    public bool NeedsFlows => (Service?.Tracking == Tracking.Full && !Syn) || IsFullNat;

    /// <summary>Its flows have entries of both directions, and are open when both ends have a part in them.</summary>
    public bool IsFullNat => Service?.Mode == ForwardingMode.FullNat;
}

/// <summary>A workload over a number of flows.</summary>
internal sealed record Case(Workload Workload, int Flows);
