"""An emulation of API Gateway's WebSocket APIs: routes to functions, and the management API that posts to connections.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
Left out: mapping templates, integrations other than Lambda proxies, route responses, throttling by rate, access logs.
"""
