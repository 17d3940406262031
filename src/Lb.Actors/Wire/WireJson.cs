using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lb.Actors.Wire;

/// <summary>How stored records are written: made at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SiteChangedRecord))]
[JsonSerializable(typeof(SiteSnapshotRecord))]
[JsonSerializable(typeof(VerdictRecord))]
[JsonSerializable(typeof(VerdictsSnapshotRecord))]
internal sealed partial class WireJson : JsonSerializerContext;
