using System.Text.Json;
using Lb.Host.Commands;
using Lb.Host.Tests.Commands;

namespace Lb.Host.Tests.Api;

/// <summary>What the API says of itself is checked in, so that a change of it is seen.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private CommandNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandNode.StartAsync("services {}");

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_node_serves_the_description_that_is_checked_in()
    {
        string served = await _node.GetTextAsync("/api/v1/openapi.json");
        using StreamReader reader = new(typeof(OpenApiTests).Assembly.GetManifestResourceStream("docs/openapi.json")!);
        Assert.True(
            (await reader.ReadToEndAsync()).TrimEnd() == served.TrimEnd(),
            "docs/openapi.json is not what the API says of itself: run `make docs` and look at the difference");
    }

    [Fact]
    public async Task Every_command_is_described_with_its_arguments()
    {
        JsonElement paths = (await _node.GetAsync("/api/v1/openapi.json")).GetProperty("paths");
        foreach (Palette palette in CommandDirectory.Palettes)
        {
            foreach (Command command in palette.Commands)
            {
                JsonElement post = paths.GetProperty($"/api/v1/palettes/{palette.Name}/{command.Name}").GetProperty("post");
                JsonElement arguments = post.GetProperty("requestBody").GetProperty("content")
                    .GetProperty("application/json").GetProperty("schema").GetProperty("properties").GetProperty("arguments");
                Assert.Equal(
                    command.Arguments.Select(argument => argument.Name),
                    arguments.TryGetProperty("properties", out JsonElement known)
                        ? known.EnumerateObject().Select(property => property.Name)
                        : []);
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/services/{name}")]
    [InlineData("/api/v1/node")]
    [InlineData("/api/v1/palettes")]
    [InlineData("/api/v1/doctor")]
    [InlineData("/metrics")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Every_other_path_is_described(string path)
    {
        JsonElement get = (await _node.GetAsync("/api/v1/openapi.json"))
            .GetProperty("paths").GetProperty(path).GetProperty("get");
        Assert.NotEmpty(get.GetProperty("summary").GetString()!);
        Assert.True(get.GetProperty("responses").TryGetProperty("200", out _));
        Assert.True(get.GetProperty("responses").TryGetProperty("401", out _));
    }
}
