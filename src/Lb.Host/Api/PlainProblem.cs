using Microsoft.AspNetCore.Http;

namespace Lb.Host.Api;

/// <summary>Gives problems that the web server finds by itself the same parts as those of commands.</summary>
internal static class PlainProblem
{
    private const string Palettes = "GET /api/v1/palettes lists the commands, GET /api/v1/openapi.json describes them";

    public static void Complete(ProblemDetailsContext context)
    {
        if (context.ProblemDetails.Extensions.ContainsKey("code"))
        {
            return;
        }

        HttpRequest request = context.HttpContext.Request;
        (string code, string detail, string mend) = context.ProblemDetails.Status switch
        {
            StatusCodes.Status400BadRequest => (
                "bad-request", "the request cannot be understood", "send JSON as /api/v1/openapi.json describes it"),
            StatusCodes.Status404NotFound => ("not-found", "there is nothing by this path", Palettes),
            StatusCodes.Status405MethodNotAllowed => (
                "method", $"{request.Method} is not what is done with this path", Palettes),
            StatusCodes.Status413PayloadTooLarge => (
                "too-large", "the request is too large", "send a command's arguments alone"),
            StatusCodes.Status415UnsupportedMediaType => (
                "media-type", "the request's body is not JSON", "send 'Content-Type: application/json'"),
            StatusCodes.Status503ServiceUnavailable => (
                "unavailable", "the node does not answer in time", "try again in a moment; the log says more"),
            >= StatusCodes.Status500InternalServerError => (
                "internal", "the node has failed to answer", "the log says why; report it"),
            _ => ("refused", "the request is refused", Palettes),
        };
        context.ProblemDetails.Detail ??= detail;
        context.ProblemDetails.Extensions["code"] = code;
        context.ProblemDetails.Extensions["mend"] = mend;
    }
}
