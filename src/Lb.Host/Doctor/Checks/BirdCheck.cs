using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The bird that tells routers of VIPs is there, and nobody else has the port of BGP.</summary>
internal sealed class BirdCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Bird is not { } facts)
        {
            yield break;
        }

        string program = host.Node.Announce.Bgp.Program;
        if (!facts.IsThere)
        {
            yield return Finding.Error(
                "bird-missing",
                program,
                $"{program} (lb.announce.bgp.program) is not there.",
                "Routers are told of no VIP.",
                "apt-get install bird2, and 'systemctl disable --now bird' for the host's own where it is not used");
        }

        if (facts.Port.Taken && host.Runner is null)
        {
            string by = facts.Port.Holder is { } holder ? $" by {holder}" : string.Empty;
            yield return Finding.Error(
                "bgp-port",
                $"{BirdFacts.BgpPort}",
                $"Port {BirdFacts.BgpPort}, which BGP listens on, is taken{by}.",
                "The bird that lbd runs cannot listen, and has no sessions then.",
                "end the other one, or let it tell of the VIPs itself, with lb.announce.mode = none");
        }
    }
}
