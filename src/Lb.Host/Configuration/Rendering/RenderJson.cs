using System.Text.Json.Serialization;

namespace Lb.Host.Configuration;

/// <summary>Quotes text: HOCON's quoted strings are those of JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class RenderJson : JsonSerializerContext;
