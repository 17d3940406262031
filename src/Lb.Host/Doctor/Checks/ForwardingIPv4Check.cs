using System.Net.Sockets;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The host forwards IPv4 that comes in by the interfaces of nat backends.</summary>
internal sealed class ForwardingIPv4Check : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) => host.ReplyInterfaces(AddressFamily.InterNetwork)
        .Where(exit => exit.IPv4 is { Forwarding: false })
        .Select(exit => Finding.Error(
            "ip-forward",
            exit.Name,
            $"The host does not forward IPv4 that comes in by {exit.Name}.",
            "The kernel gives the program no next hop for replies of nat backends: no connection comes about.",
            "for the next boot: net.ipv4.ip_forward = 1 in /etc/sysctl.d")
            .FixedBy(new HostFix.SetSysctl($"net/ipv4/conf/{exit.Name}/forwarding", 1)));
}
