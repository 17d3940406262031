namespace Lb.Host.Doctor.Checks;

/// <summary>Of a site that runs, all is there that takes packets to relays.</summary>
internal sealed class RelayPlumbingCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) =>
        host.Runner is null || host.Facts.Relays is not { Missing.IsEmpty: false } relays
            ? []
            :
            [
                Finding.Error(
                    "relay-plumbing",
                    string.Join(", ", relays.Missing),
                    $"The site runs, and {string.Join(" and ", relays.Missing)} is not there.",
                    "New connections of relayed services reach nobody, and those that are open stall, until the node's "
                    + "self-check writes it again; whatever removed it may do so again.",
                    "pbm kernel repair, and keep others from it: a firewall that is loaded with 'flush ruleset' "
                    + "removes the table"),
            ];
}
