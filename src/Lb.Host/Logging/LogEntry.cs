using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>An event of the log.</summary>
/// <param name="When">When.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Category">Who says it.</param>
/// <param name="Event">Its number and name; 0 for what has none.</param>
/// <param name="Message">What it says.</param>
/// <param name="Exception">The exception with it; null for none.</param>
internal sealed record LogEntry(
    DateTimeOffset When, LogLevel Level, string Category, EventId Event, string Message, string? Exception)
{
    /// <summary>For people, on one line but for an exception.</summary>
    public string ToText()
    {
        string when = When.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        string text = $"{when} {LogWords.Of(Level),-7} {Category}[{Event.Id}] {Message}";
        return Exception is null ? text : $"{text}\n{Exception}";
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["when"] = When.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["level"] = LogWords.Of(Level),
            ["category"] = Category,
            ["eventId"] = Event.Id,
            ["event"] = Event.Name,
            ["message"] = Message,
        };
        if (Exception is not null)
        {
            json["exception"] = Exception;
        }

        return json;
    }
}
