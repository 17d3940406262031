using System.Text.Json;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Tests;

/// <summary>The palettes that the tests' host declares, with one argument of each sort.</summary>
internal static class Declared
{
    public const string Json = """
        { "palettes": [
          { "name": "service", "description": "Services and their tables.", "commands": [
            { "name": "list", "description": "All services.", "changes": false, "arguments": [] },
            { "name": "show", "description": "One service with its backends.", "changes": false, "arguments": [
              { "name": "service", "short": null, "kind": "text", "description": "Name of the service.",
                "mandatory": true, "repeatable": false, "positional": true, "default": null,
                "hints": ["web", "mail", "two words"] },
              { "name": "why", "short": "y", "kind": "text", "description": "The reason.", "mandatory": false,
                "repeatable": false, "positional": false, "default": "none", "hints": [] },
              { "name": "depth", "short": "d", "kind": "number", "description": "How deep.", "mandatory": false,
                "repeatable": false, "positional": false, "default": "4", "hints": ["1", "2"] },
              { "name": "tag", "short": "t", "kind": "text", "description": "A tag.", "mandatory": false,
                "repeatable": true, "positional": false, "default": null, "hints": null },
              { "name": "force", "short": "f", "kind": "flag", "description": "All the same.", "mandatory": false,
                "repeatable": false, "positional": false, "default": null, "hints": [] } ] },
            { "name": "remove", "description": "Removes services.", "changes": true, "arguments": [
              { "name": "service", "kind": "text", "mandatory": true, "repeatable": true, "positional": true,
                "hints": ["web", "mail"] } ] } ] },
          { "name": "backend", "description": "Backends of a service.", "commands": [
            { "name": "weight", "description": "Sets the weight of a backend.", "changes": true, "arguments": [
              { "name": "service", "kind": "text", "mandatory": true, "positional": true, "hints": ["web"] },
              { "name": "backend", "kind": "text", "mandatory": true, "positional": true, "hints": ["b1", "b2"] },
              { "name": "weight", "kind": "number", "mandatory": true, "positional": true, "hints": [] },
              { "name": "reason", "kind": "text", "mandatory": true, "positional": false, "hints": [] } ] } ] },
          { "name": "doctor", "description": "Examines the host.", "commands": [
            { "name": "run", "description": "Examines it.", "changes": false, "arguments": [
              { "name": "fix", "kind": "flag" },
              { "name": "output", "kind": "text", "hints": ["brief", "full"] } ] } ] } ] }
        """;

    public static Catalogue Catalogue { get; } = JsonSerializer.Deserialize(Json, PbmJson.Default.Catalogue)!;
}
