namespace Lb.Host.Doctor.Checks;

/// <summary>The firewall lets packets through to relays.</summary>
internal sealed class RelayFirewallCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Relays is not { } relays)
        {
            yield break;
        }

        if (!relays.DroppingBefore.IsEmpty)
        {
            string chains = Examination.Enumerate(relays.DroppingBefore);
            yield return Finding.Warning(
                "relay-firewall",
                chains,
                $"The firewall drops packets before they are taken to relays, unless a rule accepts them (nftables: {chains}).",
                "Packets of clients for the VIP, and with relay.source = client those of backends for clients, pass there.",
                "accept them there: 'nft insert rule FAMILY TABLE CHAIN ip daddr VIP accept' for each VIP, and what backends "
                + "send with 'ip saddr'");
        }

        if (!relays.DroppingInput.IsEmpty)
        {
            string chains = Examination.Enumerate(relays.DroppingInput);
            yield return Finding.Info(
                "relay-input",
                chains,
                $"The firewall drops what comes in for the host unless a rule accepts it (nftables: {chains}).",
                "What relays take comes in that way, with the VIP as its destination, or, from backends with relay.source = "
                + "client, the client's address: rules have to accept both.");
        }
    }
}
