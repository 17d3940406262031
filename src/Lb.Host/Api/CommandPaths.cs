using System.Text.Json.Nodes;
using Lb.Host.Commands;
using Microsoft.OpenApi;

namespace Lb.Host.Api;

/// <summary>Writes one path of the description for each command, in place of the one that the web server has.</summary>
internal static class CommandPaths
{
    public const string Template = "/api/v1/palettes/{palette}/{command}";

    public static void Expand(OpenApiDocument document, IEnumerable<Palette> palettes)
    {
        IOpenApiPathItem template = document.Paths[Template];
        document.Paths.Remove(Template);
        OpenApiOperation generic = template.Operations![HttpMethod.Post];
        foreach (Palette palette in palettes)
        {
            document.Tags!.Add(new OpenApiTag { Name = palette.Name, Description = palette.Description });
            foreach (Command command in palette.Commands)
            {
                document.Paths.Add($"/api/v1/palettes/{palette.Name}/{command.Name}", new OpenApiPathItem
                {
                    Operations = new() { [HttpMethod.Post] = Operation(document, palette, command, generic.Responses) },
                });
            }
        }
    }

    private static OpenApiOperation Operation(
        OpenApiDocument document, Palette palette, Command command, OpenApiResponses? responses) => new()
        {
            OperationId = $"{palette.Name}-{command.Name}",
            Summary = command.Description,
            Description = $"Needs the role {Word.Of(command.Role)}.",
            Tags = new HashSet<OpenApiTagReference> { new(palette.Name, document) },
            Responses = responses,
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = Body(command) },
                },
            },
        };

    private static OpenApiSchema Body(Command command) => new()
    {
        Type = JsonSchemaType.Object,
        Required = Required(command).Any() ? new HashSet<string>(StringComparer.Ordinal) { "arguments" } : null,
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["arguments"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalPropertiesAllowed = false,
                Required = Required(command).Any()
                    ? Required(command).ToHashSet(StringComparer.Ordinal)
                    : null,
                Properties = command.Arguments.ToDictionary(
                    argument => argument.Name, Values, StringComparer.Ordinal),
            },
        },
    };

    private static IEnumerable<string> Required(Command command) =>
        command.Arguments.Where(argument => argument.Mandatory).Select(argument => argument.Name);

    private static IOpenApiSchema Values(ArgumentSpec argument) => new OpenApiSchema
    {
        Type = JsonSchemaType.Array,
        Description = argument.Kind == ArgumentKind.Flag
            ? $"{argument.Description} A flag: one value, which does not matter."
            : argument.Description,
        MinItems = 1,
        MaxItems = argument.Repeatable ? null : 1,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = argument.Kind == ArgumentKind.Number ? "^-?[0-9]+$" : null,
            Examples = argument.Kind == ArgumentKind.Flag ? [JsonValue.Create("true")] : null,
        },
    };
}
