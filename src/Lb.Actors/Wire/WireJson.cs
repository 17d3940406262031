using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lb.Actors.Wire;

/// <summary>How stored records are written: made at build time, and strict, as <c>JsonContracts</c> requires.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SiteChangedRecord))]
[JsonSerializable(typeof(SiteSnapshotRecord))]
[JsonSerializable(typeof(TokenAddedRecord))]
[JsonSerializable(typeof(TokenRevokedRecord))]
[JsonSerializable(typeof(VerdictRecord))]
[JsonSerializable(typeof(VerdictsSnapshotRecord))]
internal sealed partial class WireJson : JsonSerializerContext;
