using System.Net.Sockets;

namespace Lb.Host.Doctor.Checks;

/// <summary>The firewall lets through what nat leaves to the host's stack.</summary>
internal sealed class ForwardChainCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        bool nat = host.Answering(AddressFamily.InterNetwork).Any()
            || host.Answering(AddressFamily.InterNetworkV6).Any();
        if (nat && !host.Facts.Network.DroppingChains.IsEmpty)
        {
            string chains = Examination.Enumerate(host.Facts.Network.DroppingChains);
            yield return Finding.Warning(
                "firewall-forward",
                chains,
                $"The firewall drops what is forwarded unless a rule accepts it (nftables: {chains}).",
                "A reply of a nat backend whose next hop is not resolved is forwarded by the host's stack, and conntrack "
                + "does not know its connection: it is dropped before the next hop is asked for.",
                "accept it there: 'nft insert rule FAMILY TABLE CHAIN ip saddr VIP accept' for each VIP");
        }
    }
}
