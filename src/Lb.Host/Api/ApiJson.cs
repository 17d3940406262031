using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lb.Host.Api;

/// <summary>How the API's answers are written: made at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DoctorResource))]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandResultResource))]
[JsonSerializable(typeof(HealthResource))]
[JsonSerializable(typeof(NodeResource))]
[JsonSerializable(typeof(PalettesResource))]
[JsonSerializable(typeof(ServiceResource))]
[JsonSerializable(typeof(StreamLineResource))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ServicesResource))]
internal sealed partial class ApiJson : JsonSerializerContext;
