using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lb.Pbm.Protocol;

/// <summary>How the protocol's messages are read and written: made at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(AnswerLine))]
[JsonSerializable(typeof(Catalogue))]
[JsonSerializable(typeof(Invocation))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, string?>[]))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class PbmJson : JsonSerializerContext;
