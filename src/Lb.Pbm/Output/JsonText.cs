using System.Text.Encodings.Web;
using System.Text.Json;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Output;

/// <summary>Answers and errors as indented JSON.</summary>
internal static class JsonText
{
    private static readonly PbmJson Json = new(new JsonSerializerOptions(PbmJson.Default.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        // For people and jq, not for a web page: quotes and signs stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The data of an answer; <c>null</c> when the host has none.</summary>
    public static string Of(Answer answer) => answer.Data.ValueKind == JsonValueKind.Undefined
        ? "null"
        : JsonSerializer.Serialize(answer.Data, Json.JsonElement);

    /// <summary>The data of a line, on one line as it came.</summary>
    public static string Of(AnswerLine line) =>
        line.Data.ValueKind == JsonValueKind.Undefined ? "null" : line.Data.GetRawText();

    public static string Of(Problem problem) => JsonSerializer.Serialize(problem, Json.Problem);
}
