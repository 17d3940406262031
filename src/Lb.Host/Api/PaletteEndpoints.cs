using System.Collections.Immutable;
using Lb.Host.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lb.Host.Api;

/// <summary><c>/api/v1/palettes</c>: what <c>pbm</c> can do with this node, and doing it.</summary>
internal static class PaletteEndpoints
{
    private const string UserHeader = "X-Lb-User";
    private const int LongestUser = 64;

    public static void MapPalettes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/palettes", GetAsync);
        routes.MapPost("/api/v1/palettes/{palette}/{command}", RunAsync);
    }

    private static async Task<Ok<PalettesResource>> GetAsync(
        [FromServices] CommandContext context, CancellationToken stop)
    {
        ImmutableArray<PaletteResource>.Builder palettes = ImmutableArray.CreateBuilder<PaletteResource>();
        foreach (Palette palette in CommandDirectory.Palettes)
        {
            ImmutableArray<CommandResource>.Builder commands = ImmutableArray.CreateBuilder<CommandResource>();
            foreach (Command command in palette.Commands)
            {
                ImmutableArray<ArgumentResource>.Builder arguments = ImmutableArray.CreateBuilder<ArgumentResource>();
                foreach (ArgumentSpec argument in command.Arguments)
                {
                    arguments.Add(new ArgumentResource(
                        argument.Name,
                        argument.Short,
                        Word.Of(argument.Kind),
                        argument.Description,
                        argument.Mandatory,
                        argument.Repeatable,
                        argument.Positional,
                        null,
                        argument.Hints is null ? [] : await argument.Hints(context, stop)));
                }

                commands.Add(new CommandResource(
                    command.Name,
                    command.Description,
                    command.Changes,
                    command.Stream is not null,
                    arguments.ToImmutable()));
            }

            palettes.Add(new PaletteResource(palette.Name, palette.Description, commands.ToImmutable()));
        }

        return TypedResults.Ok(new PalettesResource(palettes.ToImmutable()));
    }

    private static async Task<Results<Ok<CommandResultResource>, StreamResult, ProblemHttpResult>> RunAsync(
        string palette,
        string command,
        CommandRequest request,
        [FromServices] CommandContext context,
        HttpContext http,
        CancellationToken stop)
    {
        if (CommandDirectory.Find(palette, command) is not { } found)
        {
            return Problem(new CommandFailure(
                StatusCodes.Status404NotFound,
                "unknown-command",
                $"there is no command {palette} {command}",
                "GET /api/v1/palettes shows what there is"));
        }

        try
        {
            CommandCall call = new(
                context,
                CommandCall.Check(
                    found, request.Arguments ?? ImmutableDictionary<string, ImmutableArray<string>>.Empty),
                UserOf(http),
                http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            return found.Stream is { } stream
                ? new StreamResult(stream(call))
                : TypedResults.Ok(CommandResultResource.From(await found.RunAsync(call, stop)));
        }
        catch (CommandFailure failure)
        {
            return Problem(failure);
        }
    }

    /// <summary>Who asks, by their own word: the API listens on loopback only.</summary>
    private static string UserOf(HttpContext http)
    {
        string user = new([.. http.Request.Headers[UserHeader].ToString()
            .Where(c => !char.IsControl(c)).Take(LongestUser)]);
        return user.Length == 0 ? "unknown" : user;
    }

    private static ProblemHttpResult Problem(CommandFailure failure)
    {
        Dictionary<string, object?> extensions = new(StringComparer.Ordinal)
        {
            ["code"] = failure.Code,
            ["mend"] = failure.Mend,
        };
        if (!failure.Reasons.IsEmpty)
        {
            extensions["reasons"] = failure.Reasons.ToArray();
        }

        return TypedResults.Problem(failure.Message, statusCode: failure.Status, extensions: extensions);
    }
}
