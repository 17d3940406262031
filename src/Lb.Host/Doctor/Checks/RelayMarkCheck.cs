using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>No routing rule of others takes packets by the marks that are relays'.</summary>
internal sealed class RelayMarkCheck : IHostCheck
{
    /// <summary>Of the site's own rule; of two with the same the older is asked first.</summary>
    private const uint OwnPriority = 1000;

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Relays is not { } relays)
        {
            yield break;
        }

        foreach (RoutingRuleFacts rule in relays.Rules.Where(rule => rule.Priority <= OwnPriority && rule.Takes(relays.Mark)))
        {
            yield return Finding.Error(
                "relay-mark",
                $"{rule}",
                $"A routing rule takes packets that are marked for relays (0x{relays.Mark:x8}): {rule}.",
                "It is asked before the site's own rule: the packets are routed elsewhere and reach no relay.",
                $"let it ask for more bits of the mark, or stand behind {OwnPriority}: {rule.Command} del priority "
                + $"{rule.Priority} && {rule.Command} add priority {OwnPriority + 1} fwmark 0x{rule.Mark:x}/0x{rule.Mask:x} {rule.What}");
        }

        foreach (RoutingRuleFacts rule in relays.Rules.Where(rule => relays.SocketMark != 0 && rule.Takes(relays.SocketMark)))
        {
            yield return Finding.Warning(
                "relay-mark",
                $"{rule}",
                $"A routing rule takes what relays send, which has the mark 0x{relays.SocketMark:x8} "
                + $"(kernel.relay-conntrack = bypass): {rule}.",
                "Their packets to clients and backends leave by the routes of that table.",
                "let the rule ask for more bits of the mark, or write kernel.relay-conntrack = track");
        }
    }
}
