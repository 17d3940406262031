using System.Collections.Immutable;
using System.Globalization;

namespace Lb.Actors;

/// <summary>What operators see of it.</summary>
internal sealed partial class VoteBook
{
    /// <summary>What is known now.</summary>
    public VotesSnapshot Report(long now) => new(
        _self,
        _electorate.Quorum,
        [.. _services.Values.OrderBy(service => service.Name, StringComparer.Ordinal).Select(service => Report(service, now))]);

    /// <summary>What keeps the node from knowing what was agreed; null when nothing does.</summary>
    public string? Lacks(long now)
    {
        string[] missing = [.. Others
            .Where(other => other.IsReachable && !(_peers.TryGetValue(other.Address, out Peer? peer) && IsFresh(peer, now)))
            .Select(other => other.Address)];
        return !_isMember ? "it is not in the cluster, and does not know what was agreed on backends"
            : missing.Length > 0 ? $"it has not heard of {string.Join(", ", missing)} what was agreed on backends"
            : null;
    }

    private VotedServiceSnapshot Report(VotedService service, long now)
    {
        VoteStamp highest = service.Highest;
        VoteValue? own = _feed[new VoteKey(VoteKind.Table, service.Hash, 0)];
        return new VotedServiceSnapshot(
            service.Name,
            _electorate.Owner(service.Hash).Address,
            highest == default ? "" : highest.ToString(),
            [.. service.Backends.Values
                .OrderBy(backend => backend.Socket.ToString(), StringComparer.Ordinal)
                .Select(backend => new VotedBackendSnapshot(
                    backend.Socket,
                    backend.Held,
                    [.. _electorate.ProbersOf(service.Hash, backend.Hash)
                        .OrderBy(prober => prober.Address, StringComparer.Ordinal)
                        .Select(prober => new BackendView(prober.Address, SeenBy(prober.Address, service, backend, now)))]))],
            [TableOf(_self, own, own), .. _electorate.Others
                .OrderBy(member => member.Address, StringComparer.Ordinal)
                .Select(member => TableOf(member.Address, TableOf(member.Address, service, now), own))]);
    }

    private VoteValue? TableOf(string node, VotedService service, long now) =>
        _peers.GetValueOrDefault(node) is { } peer && IsFresh(peer, now)
            ? peer.Feed[new VoteKey(VoteKind.Table, service.Hash, 0)]
            : null;

    private static NodeTable TableOf(string node, VoteValue? table, VoteValue? own) => new(
        node,
        table is { Table: not 0 } known ? known.Table.ToString("x16", CultureInfo.InvariantCulture) : null,
        table?.Pool == own?.Pool);
}
