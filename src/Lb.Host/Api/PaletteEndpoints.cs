using System.Collections.Immutable;
using Lb.Host.Access;
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
    public static void MapPalettes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/palettes", GetAsync).Describe("commands", "The commands, and what each takes.");
        routes.MapPost(CommandPaths.Template, RunAsync)
            .Describe("commands", "Carries out a command.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Ok<PalettesResource>> GetAsync(
        [FromServices] CommandContext context, CancellationToken stop)
    {
        // Many arguments have the same ones, and those of a large site take a while.
        Dictionary<Delegate, ImmutableArray<string>> hints = [];
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
                        await HintsAsync(argument)));
                }

                commands.Add(new CommandResource(
                    command.Name,
                    command.Description,
                    command.Changes,
                    Word.Of(command.Role),
                    command.Stream is not null,
                    arguments.ToImmutable()));
            }

            palettes.Add(new PaletteResource(palette.Name, palette.Description, commands.ToImmutable()));
        }

        return TypedResults.Ok(new PalettesResource(palettes.ToImmutable()));

        async Task<ImmutableArray<string>> HintsAsync(ArgumentSpec argument)
        {
            if (argument.Hints is not { } ask)
            {
                return [];
            }

            if (!hints.TryGetValue(ask, out ImmutableArray<string> told))
            {
                told = await ask(context, stop);
                hints.Add(ask, told);
            }

            return told;
        }
    }

    private static async Task<Results<Ok<CommandResultResource>, StreamResult, ProblemHttpResult>> RunAsync(
        string palette,
        string command,
        [FromServices] CommandContext context,
        [FromServices] AuditLog audit,
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

        Caller caller = Caller.Of(http);
        CommandRequest request = CommandRequest.Empty;
        if (caller.Role < found.Role)
        {
            CommandFailure forbidden = new(
                StatusCodes.Status403Forbidden,
                "forbidden",
                $"{palette} {command} needs the role {Word.Of(found.Role)}; {caller.Who} has {Word.Of(caller.Role)}",
                "use another token, or have an admin make one with 'pbm token add'");
            audit.Refused(caller, palette, found, request, forbidden);
            return Problem(forbidden);
        }

        try
        {
            request = await CommandBody.ReadAsync(http.Request, stop);
            CommandCall call = new(
                context,
                CommandCall.Check(
                    found, request.Arguments ?? ImmutableDictionary<string, ImmutableArray<string>>.Empty),
                caller);
            if (found.Stream is { } stream)
            {
                return new StreamResult(stream(call));
            }

            CommandResult result = await found.RunAsync(call, stop);
            audit.Done(caller, palette, found, request);
            return TypedResults.Ok(CommandResultResource.From(result));
        }
        catch (CommandFailure failure)
        {
            audit.Refused(caller, palette, found, request, failure);
            return Problem(failure);
        }
    }

    private static ProblemHttpResult Problem(CommandFailure failure) => CommandProblem.Of(failure).ToResult();
}
