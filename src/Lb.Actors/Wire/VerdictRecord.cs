using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>The verdict on a backend of a service as it is stored.</summary>
internal sealed record VerdictRecord(string Service, string Address, ushort Port, string Protocol, string Verdict)
{
    public static VerdictRecord Of(BackendVerdict verdict) => new(
        verdict.Service,
        verdict.Socket.Address.ToString(),
        verdict.Socket.Port,
        Words.Protocols.Of(verdict.Socket.Protocol),
        Words.Verdicts.Of(verdict.Verdict));

    public BackendVerdict ToVerdict() => new(
        Service,
        new Endpoint(IPAddress.Parse(Address), Port, Words.Protocols.Parse(Protocol)),
        Words.Verdicts.Parse(Verdict));
}

/// <summary>All verdicts of a site, stored so that older ones can go.</summary>
internal sealed record VerdictsSnapshotRecord(ImmutableArray<VerdictRecord> Verdicts);
