using System.Net;
using Lb.Actors;
using Lb.Host.Configuration;

namespace Lb.Host.Announce;

/// <summary>What bird's answers say of a neighbour.</summary>
internal static class BirdReading
{
    private const int ProtocolColumns = 6;
    private const int SessionColumns = 3;

    /// <summary>
    /// Reads lines as <c>n0 BGP --- up 2026-01-05 Established</c> of <c>show protocols</c>, and
    /// <c>10.0.0.254 eth0 Up 2026-01-05 0.150 0.450</c> of <c>show bfd sessions</c>.
    /// </summary>
    public static RouteNeighbour Read(
        BgpNeighbor neighbor, BgpOptions options, IEnumerable<BirdLine> protocols, IEnumerable<BirdLine> sessions)
    {
        string name = BirdConfig.NameOf(options, neighbor);
        string[]? protocol = protocols.Select(line => Words(line.Text, ProtocolColumns)).FirstOrDefault(words => words[0] == name);
        string state = protocol is null ? "not there"
            : protocol.Length < ProtocolColumns ? protocol[^1]
            : protocol[ProtocolColumns - 1];
        string? bfd = !neighbor.Bfd ? null : sessions
            .Select(line => Words(line.Text, int.MaxValue))
            .FirstOrDefault(words => words.Length > SessionColumns
                && IPAddress.TryParse(words[0], out IPAddress? address) && address.Equals(neighbor.Address))?[2] ?? "none";
        return new RouteNeighbour(
            neighbor.Name, neighbor.Address, state, state.StartsWith("Established", StringComparison.Ordinal), bfd);
    }

    private static string[] Words(string line, int most) => line.Split(
        ' ', most, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } words
        ? words
        : [string.Empty];
}
