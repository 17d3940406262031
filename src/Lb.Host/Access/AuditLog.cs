using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lb.Host.Api;
using Lb.Host.Commands;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Access;

/// <summary>
/// Logs each command that changes something: who, from where, what, and what came of it. What changes the site or its
/// tokens is in the journal too.
/// </summary>
internal sealed class AuditLog(ILoggerFactory loggers)
{
    private const int LongestArguments = 1000;

    private readonly ILogger _log = loggers.CreateLogger("Lb.Host.Audit");

    public void Done(Caller caller, string palette, Command command, CommandRequest request)
    {
        if (command.Changes)
        {
            _log.CommandDone(caller.Who, caller.From, palette, command.Name, Arguments(request));
        }
    }

    public void Refused(Caller caller, string palette, Command command, CommandRequest request, CommandFailure failure)
    {
        if (command.Changes || caller.Role < command.Role)
        {
            _log.CommandRefused(
                caller.Who, caller.From, palette, command.Name, Arguments(request), failure.Code, failure.Message);
        }
    }

    /// <summary>As JSON, so that nothing that somebody sends can look like another line of the log.</summary>
    private static string Arguments(CommandRequest request)
    {
        JsonObject values = [];
        foreach ((string name, ImmutableArray<string> given) in
            (request.Arguments ?? ImmutableDictionary<string, ImmutableArray<string>>.Empty)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            values[name] = given.IsDefault ? null : new JsonArray([.. given.Select(value => (JsonNode?)value)]);
        }

        string text = values.ToJsonString();
        return text.Length <= LongestArguments ? text : $"{text[..LongestArguments]}…";
    }
}
