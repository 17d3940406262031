using System.Net.Sockets;
using Lb.Actors;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Where the host itself holds a VIP, it takes replies that come with it as their source.</summary>
internal sealed class AcceptLocalCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        bool moves = host.Node.Announce.Mode == AnnounceMode.Arp;
        VipFacts? held = host.Answering(AddressFamily.InterNetwork)
            .Select(service => host.Facts.Vips.FirstOrDefault(vip => vip.Address.Equals(service.Vip.Address)))
            .FirstOrDefault(vip => vip?.Interface is not null || (vip is not null && moves));
        if (held is null || host.Facts.Network.IPv4 is not { AcceptLocal: false })
        {
            yield break;
        }

        foreach (InterfaceFacts exit in host.ReplyInterfaces(AddressFamily.InterNetwork)
            .Where(exit => exit.IPv4 is { AcceptLocal: false }))
        {
            yield return Finding.Error(
                "accept-local",
                exit.Name,
                $"The host {(held.Interface is { } on ? $"holds VIP {held.Address} on {on}" : $"will hold VIP {held.Address} at times")}, and {exit.Name} drops packets that have it as "
                + "their source (accept_local = 0).",
                "A reply of a nat backend whose next hop is not resolved goes through the host's stack with the VIP as "
                + "its source, and is dropped there: the connection hangs.",
                "")
                .FixedBy(new HostFix.SetSysctl($"net/ipv4/conf/{exit.Name}/accept_local", 1));
        }
    }
}
