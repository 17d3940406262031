using Lb.Persistence;

namespace Lb.Actors.Wire;

/// <summary>Everything that the actors store, with the name and version that stands beside it in the data.</summary>
public static class WireContracts
{
    /// <summary>The contracts, for the serializer of the actor system.</summary>
    public static JsonContracts Create() => new JsonContracts()
        .Add("site-changed", 1, WireJson.Default.SiteChangedRecord)
        .Add("site-snapshot", 1, WireJson.Default.SiteSnapshotRecord)
        .Add("backend-verdict", 1, WireJson.Default.VerdictRecord)
        .Add("backend-verdicts", 1, WireJson.Default.VerdictsSnapshotRecord)
        .Add("token-added", 1, WireJson.Default.TokenAddedRecord)
        .Add("token-revoked", 1, WireJson.Default.TokenRevokedRecord);
}
