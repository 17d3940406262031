namespace Lb.Host.Doctor.Checks;

/// <summary>No setting lets the mark of a packet that is taken to a relay decide more than its route.</summary>
internal sealed class RelaySettingsCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Relays is not { } relays)
        {
            yield break;
        }

        if (!relays.MarkedSources.IsEmpty)
        {
            string names = Examination.Enumerate(relays.MarkedSources);
            yield return Finding.Error(
                "relay-source-mark",
                names,
                $"The way back to a packet's source is looked up with its mark (src_valid_mark = 1 of {names}).",
                "With the mark of relays every address is this host's own: their packets of IPv4 are dropped as martians. "
                + "wg-quick sets it for a tunnel that has the default route.",
                string.Join(" && ", relays.MarkedSources.Select(name => $"sysctl -w net.ipv4.conf.{name}.src_valid_mark=0")));
        }

        if (relays.MarkIsAccepted && host.Relayed.Any(service => service.Vip.Protocol == Lb.Kernel.TransportProtocol.Tcp))
        {
            yield return Finding.Error(
                "relay-accepted-mark",
                "net.ipv4.tcp_fwmark_accept",
                "Connections take the mark of the packet that begins them (tcp_fwmark_accept = 1).",
                "Answers to clients of relayed TCP services have the mark that leads to this host itself: no connection "
                + "comes about.",
                "sysctl -w net.ipv4.tcp_fwmark_accept=0");
        }
    }
}
