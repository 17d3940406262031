using Lb.Host.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lb.Host.Api;

/// <summary>
/// The API's description by OpenAPI, served and checked in as <c>docs/openapi.json</c>. Commands are one path of the web
/// server and many of the description: each says what it takes.
/// </summary>
internal static class ApiDocument
{
    public const string Path = "/api/v1/openapi.json";
    private const string Name = "v1";
    private const string Token = "token";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Lb",
                Version = Name,
                Description = "The admin API of a node. On loopback it answers without a token, unless "
                    + "lb.admin.local-role says otherwise; elsewhere by TLS and to holders of a token. Errors are "
                    + "problem details (RFC 9457) with a code, one sentence, and what to do.",
            };
            // Where it was fetched says nothing about other nodes.
            document.Servers = [];
            document.AddComponent<IOpenApiSecurityScheme>(Token, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token that 'pbm token add' has made.",
            });
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] },
                // On loopback it may go without.
                [],
            ];
            DescribeProblems(document);
            CommandPaths.Expand(document, CommandDirectory.Palettes);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapOpenApi(Path);

    /// <summary>What ours have besides the standard's members.</summary>
    private static void DescribeProblems(OpenApiDocument document)
    {
        IDictionary<string, IOpenApiSchema> members = document.Components!.Schemas!["ProblemDetails"].Properties!;
        members["code"] = Text("A word that stays the same, for programs.");
        members["mend"] = Text("What to do.");
        members["reasons"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "Everything that is wrong, where it is more than one thing.",
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
        };

        static OpenApiSchema Text(string description) => new()
        {
            Type = JsonSchemaType.String | JsonSchemaType.Null,
            Description = description,
        };
    }

    /// <summary>Describes what an endpoint answers besides its success.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string summary) => endpoint
        .WithTags(tag)
        .WithSummary(summary)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
